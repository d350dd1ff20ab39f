export { currentHost } from "./current-host.js";
export { suspend } from "./suspend.js";
