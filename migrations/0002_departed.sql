CREATE TABLE `departed_responders` (
	`id` text PRIMARY KEY NOT NULL,
	`triedAt` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE INDEX `departed_responders_tried` ON `departed_responders` (`triedAt`);