export { ioLayer } from "./loop/io-layer.js";
