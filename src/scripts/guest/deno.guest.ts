export const denoShim = {};
