export { en } from './messages-en.ts';
export { fr } from './messages-fr.ts';
