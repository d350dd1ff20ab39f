export { currentHost } from "./current-host.js";
export { callStructured } from "./operation-of.js";
export { suspend } from "./suspend.js";
