import { engineModule } from "../test/support/node-engine.ts";
import { measureFuel } from "./measure/fuel.ts";
import { compileScenarios } from "./measure/program.ts";
const module = await engineModule();
const programs = await compileScenarios(module);
const exact = await measureFuel(module, programs);
for (const n of ["library", "library_flat"]) console.log(n, exact[n], programs.get(n)?.code.length);
console.log(programs.get("library")?.code.slice(0, 1500), JSON.stringify(programs.get("library")?.parts.slice(0,3)));
