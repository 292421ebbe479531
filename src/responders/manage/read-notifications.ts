import { isEvery, isOccasion, type Notifications, type Target } from "../../notifications/index.ts";
import { isRecord } from "../read.ts";

const readTarget = (value: unknown): Target | undefined => {
  if (!isRecord(value)) return undefined;
  const { kind, url, address } = value;
  if (kind === "webhook" && typeof url === "string") return { kind, url };
  return kind === "email" && typeof address === "string" ? { kind, address } : undefined;
};

/** `null` is none; definitions from before there were any have none. `undefined`: not one that this version wrote. */
export const readNotifications = (value: unknown): Notifications | null | undefined => {
  if (value === null || value === undefined) return null;
  if (!isRecord(value) || !Array.isArray(value["to"])) return undefined;
  const { on, every } = value;
  const to = value["to"].map(readTarget).filter((target) => target !== undefined);
  if (!isOccasion(on) || !isEvery(every) || to.length !== value["to"].length) return undefined;
  return { on, every, to };
};
