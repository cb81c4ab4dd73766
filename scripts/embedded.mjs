// Puts the database that comes with the program into the compiled one, where there is no `data` directory.
import manifest from '../data/default-db.json' with { type: 'json' };
import database from '../data/default-db.br' with { type: 'file' };

globalThis.PRATIQUE_EMBEDDED = { database, manifest };
