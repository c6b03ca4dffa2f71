const dayMilliseconds = 86_400_000;
/** Days since 1970-01-01 of 0001-01-01 and of 9999-12-31: the years that ISO 8601 and Python write with four digits. */
const [firstDay, lastDay] = [-719_162, 2_932_896];
const microsecondsOfDay = 86_400_000_000n;

/** `2024-02-29`; undefined for a year outside 1 to 9999. */
export function formatDate(days: number): string | undefined {
  return days < firstDay || days > lastDay ? undefined : new Date(days * dayMilliseconds).toISOString().slice(0, 10);
}

/** Days since 1970-01-01 of `2024-02-29`; undefined for what is no date. */
export function parseDate(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const days = Date.parse(`${text}T00:00:00Z`) / dayMilliseconds;
  // the 30th of February is taken for the 1st of March
  return formatDate(days) === text ? days : undefined;
}

/** `2024-02-29T12:30:00` with `.123456` where it has parts of a second; undefined for a year outside 1 to 9999. */
export function formatTime(microseconds: bigint): string | undefined {
  const inDay = ((microseconds % microsecondsOfDay) + microsecondsOfDay) % microsecondsOfDay;
  const date = formatDate(Number((microseconds - inDay) / microsecondsOfDay));
  if (date === undefined) return undefined;
  const time = new Date(Number(inDay / 1000n)).toISOString().slice(11, 19);
  const fraction = inDay % 1_000_000n;
  return `${date}T${time}${fraction === 0n ? "" : `.${String(fraction).padStart(6, "0")}`}`;
}

/** Microseconds since 1970 of `2024-02-29T12:30:00.5`; undefined for what is no time, or has parts of a microsecond. */
export function parseTime(text: string): bigint | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,6}))?$/.exec(text);
  const days = parseDate(match?.[1] ?? "");
  if (!match || days === undefined) return undefined;
  const [hours = 0, minutes = 0, seconds = 0] = match.slice(2, 5).map(Number);
  const fraction = BigInt((match[5] ?? "").padEnd(6, "0"));
  return BigInt(days) * microsecondsOfDay + BigInt((hours * 60 + minutes) * 60 + seconds) * 1_000_000n + fraction;
}
