// Keeps the schema library from compiling validators with `Function`, which the content security policy forbids and
// would report as a violation. Limits: has to be imported before the first schema is made.
import { z } from 'zod';

z.config({ jitless: true });
