export { WorkPage } from './WorkPage'
export { HandOverDialog } from './HandOverDialog'
