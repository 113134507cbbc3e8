/** The worker: nothing but the service behind the worker's own port. */
import { serve } from './service.js';

serve(/** @type {any} */ (globalThis));
