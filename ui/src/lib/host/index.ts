// What screens import from the host: the port, the errors and the generated types.
export type * from "./generated";
export { HostError, toHostError } from "./errors";
export { getHost, setHost, type Host, type JsonCommand } from "./host";
