// The entry of the compiled program. The order matters.
import './embedded.mjs';
import '../dist/cli/bin.js';
