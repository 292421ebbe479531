CREATE TABLE `accounts` (
	`id` text PRIMARY KEY NOT NULL,
	`handle` text NOT NULL,
	`name` text NOT NULL,
	`tier` text NOT NULL,
	`limits` text DEFAULT '{}' NOT NULL,
	`suspended` integer DEFAULT false NOT NULL,
	`routesRevision` integer DEFAULT 0 NOT NULL,
	`publishedRevision` integer DEFAULT 0 NOT NULL,
	`revision` integer DEFAULT 1 NOT NULL,
	`createdAt` integer NOT NULL,
	`updatedAt` integer NOT NULL,
	`deletedAt` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `accounts_handle_unique` ON `accounts` (`handle`);--> statement-breakpoint
CREATE TABLE `handles` (
	`handle` text PRIMARY KEY NOT NULL,
	`takenAt` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `idempotent_answers` (
	`accountId` text NOT NULL,
	`keyId` text NOT NULL,
	`route` text NOT NULL,
	`idempotencyKey` text NOT NULL,
	`part` integer DEFAULT 0 NOT NULL,
	`requestHash` text NOT NULL,
	`status` integer,
	`headers` text DEFAULT '[]' NOT NULL,
	`body` text,
	`createdAt` integer DEFAULT (unixepoch() * 1000) NOT NULL,
	PRIMARY KEY(`accountId`, `keyId`, `route`, `idempotencyKey`, `part`)
);
--> statement-breakpoint
CREATE INDEX `idempotent_answers_age` ON `idempotent_answers` (`createdAt`);--> statement-breakpoint
CREATE TABLE `keys` (
	`id` text PRIMARY KEY NOT NULL,
	`accountId` text NOT NULL,
	`name` text NOT NULL,
	`prefix` text NOT NULL,
	`hash` text NOT NULL,
	`scopes` text NOT NULL,
	`expiresAt` integer,
	`lastUsedAt` integer,
	`createdAt` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `keys_hash_unique` ON `keys` (`hash`);--> statement-breakpoint
CREATE INDEX `keys_account` ON `keys` (`accountId`,`id`);--> statement-breakpoint
CREATE TABLE `responder_revisions` (
	`responderId` text NOT NULL,
	`revision` integer NOT NULL,
	`name` text NOT NULL,
	`definition` text NOT NULL,
	`createdAt` integer NOT NULL,
	`createdBy` text NOT NULL,
	PRIMARY KEY(`responderId`, `revision`)
);
--> statement-breakpoint
CREATE TABLE `responder_routes` (
	`responderId` text NOT NULL,
	`accountId` text NOT NULL,
	`label` text NOT NULL,
	`shape` text NOT NULL,
	`method` text NOT NULL,
	PRIMARY KEY(`responderId`, `method`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `responder_routes_claim` ON `responder_routes` (`accountId`,`label`,`shape`,`method`);--> statement-breakpoint
CREATE TABLE `responders` (
	`id` text PRIMARY KEY NOT NULL,
	`accountId` text NOT NULL,
	`name` text NOT NULL,
	`definition` text NOT NULL,
	`program` text,
	`programHash` text,
	`revision` integer NOT NULL,
	`createdAt` integer NOT NULL,
	`updatedAt` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `responders_name` ON `responders` (`accountId`,`name`);--> statement-breakpoint
CREATE INDEX `responders_account` ON `responders` (`accountId`,`id`);--> statement-breakpoint
CREATE INDEX `responders_program` ON `responders` (`programHash`);