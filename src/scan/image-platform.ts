/** An image without a choice of platforms is scanned whatever it is for; that another one was asked for must be seen. */
import { compact } from '#base';
import type { Diagnostic, Image } from '#model';
import { parsePlatform, platformFits, platformText } from '#oci';

export function platformDiagnostics({ config }: Pick<Image, 'config'>, asked: string | undefined): Diagnostic[] {
  if (asked === undefined) return [];
  const { os: wantedOs, architecture: wantedArchitecture, variant: wantedVariant } = parsePlatform(asked);
  const wanted = { os: wantedOs, architecture: wantedArchitecture, ...compact({ variant: wantedVariant }) };
  const { os, architecture, variant } = config;
  if (!os || !architecture)
    return [other(`the image does not say for which platform it is; ${platformText(wanted)} was asked for`)];
  // Many images for arm do not tell the variant.
  const own = typeof variant === 'string' && variant !== '' ? variant : undefined;
  const given = { os, architecture, ...compact({ variant: own ?? wantedVariant }) };
  if (platformFits(given, wanted)) return [];
  const found = platformText({ os, architecture, ...compact({ variant: own }) });
  return [other(`the image is for ${found}, which was scanned; ${platformText(wanted)} was asked for`)];
}

const other = (message: string): Diagnostic => ({ code: 'image/other-platform', severity: 'warning', message });
