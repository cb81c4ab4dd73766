/** A JSON report from a file. Errors: `file/not-found`, `limit/exceeded`, `report/invalid`. */
import { FormatError, LimitError, limits, PratiqueError } from '#base';
import type { Report } from '#model';
import { readIfPresent, type World } from '#platform';
import { readReport } from '#report';

export const readReportFile = (path: string, world: World): Promise<Report> => readFileAs(path, readReport, world);

/** The same errors for other documents that hold reports. */
export async function readFileAs<T>(path: string, read: (text: string) => Promise<T>, world: World): Promise<T> {
  const limit = limits.textFile;
  const file = path.startsWith('/') ? path : `${world.cwd}/${path}`;
  const bytes = await readIfPresent(file, limit).catch((error: unknown) => {
    if (!(error instanceof LimitError)) throw error;
    throw new PratiqueError('limit/exceeded', { what: path, limit: `${limit} bytes` }, error);
  });
  if (!bytes) throw new PratiqueError('file/not-found', { path });
  try {
    return await read(new TextDecoder().decode(bytes));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new PratiqueError('report/invalid', { path, problem: error.message }, error);
  }
}
