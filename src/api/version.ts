/** Of this product: that of package.json, which the Worker does not carry. A test holds the two together. */
export const VERSION = "0.1.0";
