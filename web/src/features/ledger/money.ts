// Amounts are whole numbers of a currency's smallest unit; people read and write them with decimals.

/** 123456 of EUR is "€1,234.56", in the person's locale. */
export function shown(amount: number, currency: string, digits: number): string {
  const value = amount / 10 ** digits
  try {
    return new Intl.NumberFormat(undefined, { style: 'currency', currency, minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value)
  } catch {
    return `${value.toFixed(digits)} ${currency}`
  }
}

/** 1550 is "15.50", as it stands in an input. */
export function written(amount: number, digits: number): string {
  return (amount / 10 ** digits).toFixed(digits)
}

/** "15.5" is 1550; null where it is no amount. A comma is a decimal point too. */
export function read(text: string, digits: number): number | null {
  const plain = text.trim().replace(',', '.')
  if (!/^-?\d{1,12}(\.\d*)?$/.test(plain)) return null
  const [whole = '0', part = ''] = plain.replace('-', '').split('.')
  if (part.length > digits && /[1-9]/.test(part.slice(digits))) return null
  const amount = Number(whole) * 10 ** digits + Number((part + '0'.repeat(digits)).slice(0, digits) || '0')
  return plain.startsWith('-') ? -amount : amount
}
