/** A shop has no price for us; the message says why. */
export class ShopError extends Error {
  override readonly name = "ShopError";
}
