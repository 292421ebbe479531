CREATE TABLE `responder_scripts` (
	`responderId` text NOT NULL,
	`accountId` text NOT NULL,
	`scriptId` text NOT NULL,
	`wanted` integer NOT NULL,
	`version` integer NOT NULL,
	PRIMARY KEY(`responderId`, `scriptId`, `wanted`)
);
--> statement-breakpoint
CREATE INDEX `responder_scripts_script` ON `responder_scripts` (`scriptId`);--> statement-breakpoint
CREATE TABLE `script_imports` (
	`scriptId` text NOT NULL,
	`version` integer NOT NULL,
	`importedId` text NOT NULL,
	`wanted` integer NOT NULL,
	PRIMARY KEY(`scriptId`, `version`, `importedId`, `wanted`)
);
--> statement-breakpoint
CREATE INDEX `script_imports_imported` ON `script_imports` (`importedId`);--> statement-breakpoint
CREATE TABLE `script_versions` (
	`scriptId` text NOT NULL,
	`version` integer NOT NULL,
	`source` text NOT NULL,
	`language` text NOT NULL,
	`compiled` text NOT NULL,
	`createdAt` integer NOT NULL,
	`createdBy` text NOT NULL,
	PRIMARY KEY(`scriptId`, `version`)
);
--> statement-breakpoint
CREATE TABLE `scripts` (
	`id` text PRIMARY KEY NOT NULL,
	`accountId` text NOT NULL,
	`name` text NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`latest` integer NOT NULL,
	`draft` text,
	`revision` integer NOT NULL,
	`createdAt` integer NOT NULL,
	`updatedAt` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `scripts_name` ON `scripts` (`accountId`,`name`);--> statement-breakpoint
CREATE INDEX `scripts_account` ON `scripts` (`accountId`,`id`);--> statement-breakpoint
CREATE TABLE `secrets` (
	`id` text PRIMARY KEY NOT NULL,
	`accountId` text NOT NULL,
	`name` text NOT NULL,
	`hosts` text NOT NULL,
	`places` text NOT NULL,
	`version` integer NOT NULL,
	`bytes` integer NOT NULL,
	`sealed` text NOT NULL,
	`wrapped` text NOT NULL,
	`masterKeyId` text NOT NULL,
	`revision` integer NOT NULL,
	`lastUsedAt` integer,
	`createdAt` integer NOT NULL,
	`updatedAt` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `secrets_name` ON `secrets` (`accountId`,`name`);--> statement-breakpoint
CREATE INDEX `secrets_account` ON `secrets` (`accountId`,`id`);--> statement-breakpoint
CREATE INDEX `secrets_master_key` ON `secrets` (`masterKeyId`,`id`);--> statement-breakpoint
ALTER TABLE `responders` ADD `secretUse` text;