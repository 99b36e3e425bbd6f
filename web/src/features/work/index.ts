export { WorkPage } from './WorkPage'
