// Numbers and codes as people read them.
import { expect, it } from "vitest";
import { ago, decimal, digits, duration, grouped, isDay, plainDay, size, wholeNumber } from "./format";

it.each([[0, "00:00"], [-4, "00:00"], [65, "01:05"], [3599, "59:59"], [3600, "1:00:00"]])("shows %d s as %s", (seconds, shown) => {
  expect(duration(seconds)).toBe(shown);
});
it.each([[0, "0 B"], [999, "999 B"], [1000, "1.0 kB"], [45_200_000, "45 MB"], [999_600, "1.0 MB"], [9_990_000, "10 MB"], [1_400_000_000, "1.4 GB"], [-3, "0 B"]])("shows %d bytes as %s", (bytes, shown) => {
  expect(size(bytes)).toBe(shown);
});
it.each([[-5, "now"], [59, "now"], [60, "1 minute ago"], [3599, "59 minutes ago"], [7200, "2 hours ago"], [86_400, "yesterday"], [12 * 86_400, "12 days ago"]])("says %d s before now as %s", (seconds, said) => {
  expect(ago(1_000_000_000_000 - seconds * 1000, 1_000_000_000_000)).toBe(said);
});
it("groups a digest by four", () => expect(grouped("9f2c41d07a")).toBe("9f2c 41d0 7a"));
it("keeps the day of a plain day", () => expect(plainDay("2026-11-03")).toBe("3 Nov 2026"));
it.each([["", null], ["400 V", 400], ["abc", null]])("reads %o as %o", (typed, kept) => expect(digits(typed)).toBe(kept));
it.each([["400", "400"], ["007,50", "7.50"], [" 0.125 ", "0.125"], ["1.2345", null], ["1.", null], ["", null], ["4 V", null], ["-3", null]])("reads %o as the decimal %o", (typed, kept) => expect(decimal(typed)).toBe(kept));
it.each([["42", 42], [" 0 ", 0], ["4.5", null], ["-3", null], ["4 V", null], ["", null]])("reads %o as the whole number %o", (typed, kept) => expect(wholeNumber(typed)).toBe(kept));
it("reads a negative decimal where there can be one", () => expect(decimal("−3,5", { negative: true })).toBe("-3.5"));
it.each([["2027-03-31", true], ["2028-02-29", true], ["2027-02-29", false], ["2027-13-45", false], ["2027-3-1", false], ["", false]])("tells whether %o is a day: %o", (typed, day) => expect(isDay(typed)).toBe(day));
