// The results as a table for people: milliseconds and MiB, and their share of the reference's.

export function markdown(results, programs) {
  const names = Object.keys(programs);
  const lines = [
    `| | reference, recorded | target | ${names.join(' | ')} |`,
    `|---|---|---|${names.map(() => '---').join('|')}|`,
  ];
  for (const { row, reference, targets, measured } of results) {
    if (!reference) {
      const cells = names.map(
        (name) => measured[name] && `${measured[name].milliseconds} ms, ${measured[name].mebibytes} MiB`,
      );
      lines.push(`| ${row} | | | ${cells.join(' | ')} |`);
      continue;
    }
    const { milliseconds, mebibytes } = reference;
    const cells = names.map((name) => {
      const found = measured[name];
      if (!found) return '';
      const time = found.milliseconds / milliseconds;
      const memory = found.mebibytes / mebibytes;
      const limits = name === 'binary' ? targets : { time: 1, memory: 1 };
      return `${share(found.milliseconds, 'ms', time, limits.time)}, ${share(found.mebibytes, 'MiB', memory, limits.memory)}`;
    });
    const wanted = `≤ ${targets.time} time, ≤ ${targets.memory} memory`;
    lines.push(`| ${row} | ${milliseconds} ms, ${mebibytes} MiB | ${wanted} | ${cells.join(' | ')} |`);
  }
  return lines.join('\n');
}

/** A share above its limit stands out. */
function share(value, unit, part, limit) {
  const mark = part > limit ? '**' : '';
  return `${value} ${unit} (${mark}${part.toFixed(2)}${mark})`;
}
