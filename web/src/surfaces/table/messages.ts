// Every text of tables.

import { catalogue, noun } from '../../ui/messages'

const rows = (n: number): string => `${n.toLocaleString()} ${noun(n, 'row', 'rows')}`
const columns = (n: number): string => `${n.toLocaleString()} ${noun(n, 'column', 'columns')}`

export const m = catalogue('table', {
  number: '#',
  record: (n: number) => `A record of ${n.toLocaleString()} ${noun(n, 'value', 'values')}`,
  table: (r: number, c: number) => `Table of ${rows(r)} and ${columns(c)}. Arrows go from cell to cell.`,
  size: (r: number, c: number) => `${rows(r)}, ${columns(c)}`,
  cell: (row: number, column: string) => `${row.toLocaleString()}, ${column}`,
  unreadable: 'This table cannot be read. Skip the item and say so.',
})
