// Tables that items bring: columns and rows of plain values, in the shape in which they travel.

export type Cell = string | number | boolean | null

export interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

/** The table of a stream's text; null where it is none. */
export function tableOf(text: string): Table | null {
  try {
    const given = JSON.parse(text) as Partial<Table> | null
    return given !== null && Array.isArray(given.columns) && Array.isArray(given.rows) ? (given as Table) : null
  } catch {
    return null // a text that was cut, as lists show it
  }
}

/** A cell as people read it. */
export function written(cell: Cell | undefined): string {
  return cell === null || cell === undefined ? '' : String(cell)
}

const NUMBER = /^[-+]?(\d+([.,]\d+)*|\.\d+)(e[-+]?\d+)?\s?%?$/i
const LOOKED_AT = 500

/** Which columns hold numbers, also those that a file wrote as text. */
export function numeric({ columns, rows }: Table): readonly boolean[] {
  const some = rows.slice(0, LOOKED_AT)
  return columns.map((_, at) => {
    const filled = some.map((row) => row[at]).filter((cell) => cell !== null && cell !== undefined && cell !== '')
    return filled.length > 0 && filled.every((cell) => typeof cell === 'number' || (typeof cell === 'string' && NUMBER.test(cell.trim())))
  })
}

const LEAST = 6
const MOST = 40

/** How wide each column is, in characters: as its longest cell, within limits. */
export function widths({ columns, rows }: Table): readonly number[] {
  const some = rows.slice(0, LOOKED_AT)
  return columns.map((name, at) => Math.min(MOST, Math.max(LEAST, name.length, ...some.map((row) => written(row[at]).length))))
}
