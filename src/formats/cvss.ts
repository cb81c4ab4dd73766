/**
 * CVSS vectors of versions 2.0, 3.0, 3.1 and 4.0 and their scores.
 * Reads   `CVSS:3.1/AV:N/…`, for version 2 without prefix: `AV:N/AC:L/Au:N/C:P/I:P/A:P`.
 * Yields  the score that takes all metrics of the vector into account (environmental, where it has such).
 * Errors  `undefined` for what is no vector, or lacks a base metric.
 * Source  https://www.first.org/cvss/
 */
export interface CvssScore {
  readonly version: '2.0' | '3.0' | '3.1' | '4.0';
  /** 0 to 10, one decimal. */
  readonly score: number;
}

const shape = /^(?:CVSS:(3\.0|3\.1|4\.0)\/)?[A-Za-z]{1,3}:[A-Za-z]{1,6}(?:\/[A-Za-z]{1,3}:[A-Za-z]{1,6}){0,40}$/;

/** The library is loaded at first use. */
export async function cvssScorer(): Promise<(vector: string) => CvssScore | undefined> {
  const { Cvss2, Cvss3P0, Cvss3P1, Cvss4P0 } = (await import('ae-cvss-calculator')).default;
  const calculators = { '2.0': Cvss2, '3.0': Cvss3P0, '3.1': Cvss3P1, '4.0': Cvss4P0 } as const;
  return (vector) => {
    const found = shape.exec(vector);
    if (!found) return undefined;
    const version = (found[1] ?? '2.0') as CvssScore['version'];
    try {
      const calculator = new calculators[version](vector);
      if (!calculator.isBaseFullyDefined()) return undefined;
      const { overall } = calculator.calculateScores();
      return Number.isFinite(overall) ? { version, score: overall } : undefined;
    } catch (error) {
      // Its answer to a metric or a value that the version does not have.
      if (error instanceof Error && error.message.startsWith('Unknown component')) return undefined;
      throw error;
    }
  };
}
