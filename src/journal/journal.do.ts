import { DurableObject } from "cloudflare:workers";

/** The exchanges and figures of one responder; its name is the responder's id. */
export class Journal extends DurableObject {
  async erase(): Promise<void> {
    await this.ctx.storage.deleteAll();
  }
}
