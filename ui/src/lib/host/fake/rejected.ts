// What the fake host rejects with.
import { HostError } from "../errors";
import type { ErrorView } from "../generated";

export const unknownError: ErrorView = { code: "unexpected", message: "It did not work.", next: "Try again.", waitSeconds: null };

export const rejected = (error: Partial<ErrorView>): HostError => new HostError({ ...unknownError, ...error });
