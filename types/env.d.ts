/** The bindings of wrangler.toml. Test-only bindings are declared with the tests. */
declare namespace Cloudflare {
  interface Env {
    readonly DB: D1Database;
    readonly ROUTES: KVNamespace;
    readonly UNMATCHED: DurableObjectNamespace<import("../src/index.ts").Unmatched>;
    readonly JOURNAL: DurableObjectNamespace<import("../src/index.ts").Journal>;
    readonly SCRIPT_STATE: DurableObjectNamespace<import("../src/index.ts").ScriptState>;
    readonly ASSETS: Fetcher;
    readonly RATE_BASIC: RateLimit;
    readonly RATE_STANDARD: RateLimit;
    readonly RATE_PROFESSIONAL: RateLimit;
    readonly RATE_ULTIMATE: RateLimit;
    /** Only where the operator has configured e-mail. */
    readonly EMAIL?: SendEmail;
    readonly EMAIL_FROM?: string;
    readonly HOOKS_HOST: string;
    readonly PATH_STYLE?: string;
    readonly EGRESS_ALLOW?: string;
    readonly EGRESS_PORTS?: string;
    readonly EGRESS_RESOLVER?: string;
    readonly MASTER_KEYS?: string;
    readonly ADMIN_TOKEN?: string;
  }
}
interface Env extends Cloudflare.Env {}
