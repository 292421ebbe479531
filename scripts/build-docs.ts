import { copyFileSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The files of the API's reference page: the library's own, and two of ours, since the page's policy allows nothing inline. */
const ROOT = join(import.meta.dirname, "..");
const SOURCE = join(ROOT, "node_modules", "swagger-ui-dist");
const TARGET = join(ROOT, "build", "public", "api", "docs");

const REFERENCE_JS = `window.SwaggerUIBundle({
  url: "/api/openapi.json",
  domNode: document.getElementById("reference"),
  deepLinking: true,
  // A key that is typed in is forgotten with the page.
  persistAuthorization: false,
  validatorUrl: null,
});
`;

const REFERENCE_CSS = `body { margin: 0; background: #fff; }
noscript { display: block; padding: 2rem; font-family: sans-serif; }
`;

const copy = (name: string): void => {
  const from = join(SOURCE, name);
  const to = join(TARGET, name);
  const present = statSync(to, { throwIfNoEntry: false });
  if (present?.size !== statSync(from).size) copyFileSync(from, to);
};

mkdirSync(TARGET, { recursive: true });
copy("swagger-ui.css");
copy("swagger-ui-bundle.js");
copy("swagger-ui-bundle.js.LICENSE.txt");
writeFileSync(join(TARGET, "reference.js"), REFERENCE_JS);
writeFileSync(join(TARGET, "reference.css"), REFERENCE_CSS);
