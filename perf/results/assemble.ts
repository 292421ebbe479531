import type { Measured } from "../measure/singles.ts";
import type { Scenario } from "../scenarios/index.ts";
import type { Exact, Host, PeerTimings, ScenarioFigures } from "./figures.ts";

/** The figures of one scenario on one host, in the order in which they are written. `exact` replaces what was seen. */
export const scenarioFigures = (
  host: Host,
  scenario: Scenario,
  measured: Measured & { readonly residentBytes?: number },
  peers: PeerTimings,
  exact: Exact | undefined,
): ScenarioFigures => {
  const { p50Us, p90Us, p99Us, maxUs, perSecond, samples, completed, asleep, keptBytes, residentBytes } =
    measured;
  const { fuel, peakMemoryBytes } = exact ?? measured;
  return {
    host,
    p50Us,
    p90Us,
    p99Us,
    maxUs,
    perSecond,
    samples,
    fuel,
    peakMemoryBytes,
    peers,
    ...(scenario.sleepMs === null ? {} : { completed, asleep }),
    ...(keptBytes === undefined ? {} : { keptBytes }),
    ...(residentBytes === undefined ? {} : { residentBytes }),
  };
};
