CREATE TABLE `tickets` (
	`hash` text PRIMARY KEY NOT NULL,
	`keyId` text NOT NULL,
	`path` text NOT NULL,
	`expiresAt` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `tickets_age` ON `tickets` (`expiresAt`);