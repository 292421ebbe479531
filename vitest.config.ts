import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig, defineProject } from "vitest/config";

const workerd = () =>
  cloudflareTest(async () => ({
    wrangler: { configPath: "./wrangler.toml" },
    miniflare: {
      bindings: {
        TEST_MIGRATIONS: await readD1Migrations("migrations"),
        HOOKS_HOST: "localhost",
        PATH_STYLE: "on",
        ADMIN_TOKEN: "test-admin-token-0123456789abcdef0123456789",
        MASTER_KEYS: "test:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
      },
    },
  }));

export default defineConfig({
  test: {
    // The Worker's log of a test that fails is worth reading; of the others, noise.
    silent: "passed-only",
    reporters: ["default", "./test/support/count-reporter.ts"],
    projects: [
      defineProject({
        test: {
          name: "unit",
          include: ["test/unit/**/*.test.ts", "test/*.test.ts"],
          environment: "node",
          // Whole corpora are compiled in a sandbox that counts: on a busy machine that takes its time.
          testTimeout: 30_000,
          // Its ES modules import each other without extensions, which Node alone does not resolve.
          server: { deps: { inline: ["sucrase"] } },
        },
      }),
      defineProject({
        plugins: [workerd()],
        test: {
          name: "worker",
          include: ["test/worker/**/*.test.ts", "test/sandbox/**/*.test.ts"],
          setupFiles: ["test/support/migrate.ts"],
          testTimeout: 30_000,
        },
      }),
      defineProject({
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          environment: "node",
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      }),
    ],
  },
});
