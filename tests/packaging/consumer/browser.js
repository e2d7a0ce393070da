import { use } from './use.js';

use().then(result => { window.result = result; }, error => { window.result = { error: String(error?.stack ?? error) }; });
