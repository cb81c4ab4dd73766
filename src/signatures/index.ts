export type { SignatureOutcome, SignatureRule, TrustedIdentity, TrustedKey } from './signature-rule.js';
export { type ImageToVerify, verifySignatures, type VerifyOptions } from './verify-signatures.js';
