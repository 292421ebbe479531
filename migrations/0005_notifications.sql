CREATE TABLE `email_addresses` (
	`accountId` text NOT NULL,
	`address` text NOT NULL,
	`codeHash` text,
	`codeSentAt` integer NOT NULL,
	`tries` integer DEFAULT 0 NOT NULL,
	`verifiedAt` integer,
	`createdAt` integer NOT NULL,
	PRIMARY KEY(`accountId`, `address`)
);
--> statement-breakpoint
CREATE TABLE `signing_secrets` (
	`id` text PRIMARY KEY NOT NULL,
	`accountId` text NOT NULL,
	`version` integer NOT NULL,
	`bytes` integer NOT NULL,
	`sealed` text NOT NULL,
	`wrapped` text NOT NULL,
	`masterKeyId` text NOT NULL,
	`createdAt` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `signing_secrets_account` ON `signing_secrets` (`accountId`);--> statement-breakpoint
CREATE INDEX `signing_secrets_master_key` ON `signing_secrets` (`masterKeyId`,`id`);