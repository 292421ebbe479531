DROP INDEX `responders_program`;--> statement-breakpoint
ALTER TABLE `responders` ADD `routed` text DEFAULT '' NOT NULL;