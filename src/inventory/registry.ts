import type { Extractor } from './extractor.js';
import { conanLock } from './cpp/conan-lock.js';
import { pubspecLock } from './dart/pubspec-lock.js';
import { depsJson } from './dotnet/deps-json.js';
import { nugetConfig } from './dotnet/nuget-config.js';
import { nugetLock } from './dotnet/nuget-lock.js';
import { packagesProps } from './dotnet/packages-props.js';
import { mixLock } from './elixir/mix-lock.js';
import { goBinary } from './go/go-binary.js';
import { goMod } from './go/go-mod.js';
import { gradleLockfile } from './java/gradle-lockfile.js';
import { jar } from './java/jar.js';
import { pom } from './java/pom.js';
import { sbtLockfile } from './java/sbt-lockfile.js';
import { juliaManifest } from './julia/manifest.js';
import { bunLock } from './nodejs/bun-lock.js';
import { nodePkg } from './nodejs/node-pkg.js';
import { npmLock } from './nodejs/npm-lock.js';
import { pnpmLock } from './nodejs/pnpm-lock.js';
import { yarnLock } from './nodejs/yarn-lock.js';
import { alpineRelease } from './os/alpine-release.js';
import { amazonRelease } from './os/amazon-release.js';
import { apkDb } from './os/apk-db.js';
import { apkRepositories } from './os/apk-repositories.js';
import { bottlerocketInventory } from './os/bottlerocket-inventory.js';
import { debianVersion } from './os/debian-version.js';
import { dpkgAvailable } from './os/dpkg-available.js';
import { dpkgCopyright } from './os/dpkg-copyright.js';
import { dpkgStatus } from './os/dpkg-status.js';
import { lsbRelease } from './os/lsb-release.js';
import { osRelease } from './os/os-release.js';
import { rapidfort } from './os/rapidfort.js';
import { redhatContentManifest } from './os/redhat-content-manifest.js';
import { redhatDockerfile } from './os/redhat-dockerfile.js';
import { redhatRelease } from './os/redhat-release.js';
import { rpmDb } from './os/rpm-db.js';
import { rpmManifest } from './os/rpm-manifest.js';
import { ubuntuAdvantage } from './os/ubuntu-advantage.js';
import { composerLock } from './php/composer-lock.js';
import { composerVendor } from './php/composer-vendor.js';
import { condaEnvironment } from './python/conda-environment.js';
import { condaPackage } from './python/conda-package.js';
import { egg } from './python/egg.js';
import { pipfileLock } from './python/pipfile-lock.js';
import { poetryLock } from './python/poetry-lock.js';
import { pylock } from './python/pylock.js';
import { pythonPackage } from './python/python-package.js';
import { requirements } from './python/requirements.js';
import { uvLock } from './python/uv-lock.js';
import { gemfileLock } from './ruby/gemfile-lock.js';
import { gemspec } from './ruby/gemspec.js';
import { cargoLock } from './rust/cargo-lock.js';
import { rustBinary } from './rust/rust-binary.js';
import { sbomFile } from './sbom/sbom-file.js';
import { packageResolved } from './swift/package-resolved.js';
import { podfileLock } from './swift/podfile-lock.js';

/** Every extractor, alphabetical by id. */
export const extractors: readonly Extractor[] = [
  conanLock,
  pubspecLock,
  depsJson,
  nugetConfig,
  nugetLock,
  packagesProps,
  mixLock,
  goBinary,
  goMod,
  gradleLockfile,
  jar,
  pom,
  sbtLockfile,
  juliaManifest,
  bunLock,
  nodePkg,
  npmLock,
  pnpmLock,
  yarnLock,
  alpineRelease,
  amazonRelease,
  apkDb,
  apkRepositories,
  bottlerocketInventory,
  debianVersion,
  dpkgAvailable,
  dpkgCopyright,
  dpkgStatus,
  lsbRelease,
  osRelease,
  rapidfort,
  redhatContentManifest,
  redhatDockerfile,
  redhatRelease,
  rpmDb,
  rpmManifest,
  ubuntuAdvantage,
  composerLock,
  composerVendor,
  condaEnvironment,
  condaPackage,
  egg,
  pythonPackage,
  pipfileLock,
  poetryLock,
  pylock,
  requirements,
  uvLock,
  gemfileLock,
  gemspec,
  cargoLock,
  rustBinary,
  sbomFile,
  packageResolved,
  podfileLock,
];
