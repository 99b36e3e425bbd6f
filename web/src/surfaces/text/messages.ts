// Texts of the text surface.

import { catalogue } from '../../ui/messages'

export const m = catalogue('text', { keeps: 'keeps it', leaves: 'leaves it as it was' })
