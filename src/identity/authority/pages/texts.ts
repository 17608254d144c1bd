import type { Language } from './language.ts';

const english = {
  language: 'English',
  languages: 'Language',
  product: 'Stackmeter',
  signInTitle: 'Sign in',
  signInTo: (client: string) => `to continue to ${client}`,
  userName: 'User name',
  password: 'Password',
  signIn: 'Sign in',
  cancel: 'Cancel',
  wrongCredentials: 'User name and password do not match.',
  tooManyGuesses: (seconds: number) =>
    `There were too many attempts. Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`,
  deviceTitle: 'Sign in on another device',
  deviceHint: 'Enter the code that the device or program shows.',
  deviceCode: 'Code',
  next: 'Next',
  noCode: 'Enter the code first.',
  unknownCode: 'This code is not known. Check it and try again.',
  expiredCode: 'This code has expired. Ask the device or program for another one.',
  usedCode: 'This code was used before. Ask the device or program for another one.',
  aborted: 'The sign-in was cancelled. You may close this page.',
  deviceFailed: 'That did not work. Start again on the device or program.',
  confirmTitle: 'Is this your device?',
  confirmHint: (client: string) =>
    `You are about to sign in to ${client}. Go on only if you started this yourself and it shows this code:`,
  confirm: 'Yes, go on',
  notMine: 'No, cancel',
  doneTitle: 'You are signed in',
  doneHint: (client: string) => `Go back to ${client}. You may close this page.`,
  signOutTitle: 'Sign out',
  signOutHint: 'Do you want to sign out in this browser?',
  otherPersonHint:
    'Somebody else is signed in in this browser. Sign them out here to go on with your own sign-in.',
  signOut: 'Sign out',
  signedOutTitle: 'You are signed out',
  signedOutHint: 'You may close this page.',
  errorTitle: 'That did not work',
  errorDetails: 'For whoever helps you',
  expiredHint: 'This sign-in has expired or was finished before. Start again where you came from.',
  errorHint: 'The sign-in cannot go on. Start again where you came from.',
  unknownTenant: 'There is no such directory here. Check the address.',
};

type Texts = typeof english;

const french: Texts = {
  language: 'Français',
  languages: 'Langue',
  product: 'Stackmeter',
  signInTitle: 'Connexion',
  signInTo: (client) => `pour continuer vers ${client}`,
  userName: 'Nom d’utilisateur',
  password: 'Mot de passe',
  signIn: 'Se connecter',
  cancel: 'Annuler',
  wrongCredentials: 'Le nom d’utilisateur et le mot de passe ne correspondent pas.',
  tooManyGuesses: (seconds) =>
    `Trop de tentatives. Réessayez dans ${seconds} ${seconds < 2 ? 'seconde' : 'secondes'}.`,
  deviceTitle: 'Connexion sur un autre appareil',
  deviceHint: 'Saisissez le code affiché par l’appareil ou le programme.',
  deviceCode: 'Code',
  next: 'Suivant',
  noCode: 'Saisissez d’abord le code.',
  unknownCode: 'Ce code est inconnu. Vérifiez-le et réessayez.',
  expiredCode: 'Ce code a expiré. Demandez-en un autre à l’appareil ou au programme.',
  usedCode: 'Ce code a déjà servi. Demandez-en un autre à l’appareil ou au programme.',
  aborted: 'La connexion a été annulée. Vous pouvez fermer cette page.',
  deviceFailed: 'Cela n’a pas fonctionné. Recommencez sur l’appareil ou dans le programme.',
  confirmTitle: 'Est-ce votre appareil ?',
  confirmHint: (client) =>
    `Vous allez vous connecter à ${client}. Ne continuez que si vous en êtes à l’origine et si ce code y est affiché :`,
  confirm: 'Oui, continuer',
  notMine: 'Non, annuler',
  doneTitle: 'Vous êtes connecté',
  doneHint: (client) => `Revenez à ${client}. Vous pouvez fermer cette page.`,
  signOutTitle: 'Déconnexion',
  signOutHint: 'Voulez-vous vous déconnecter dans ce navigateur ?',
  otherPersonHint:
    'Une autre personne est connectée dans ce navigateur. Déconnectez-la ici pour continuer votre connexion.',
  signOut: 'Se déconnecter',
  signedOutTitle: 'Vous êtes déconnecté',
  signedOutHint: 'Vous pouvez fermer cette page.',
  errorTitle: 'Cela n’a pas fonctionné',
  errorDetails: 'Pour la personne qui vous aide',
  expiredHint:
    'Cette connexion a expiré ou est déjà terminée. Recommencez depuis votre point de départ.',
  errorHint: 'La connexion ne peut pas continuer. Recommencez depuis votre point de départ.',
  unknownTenant: 'Cet annuaire n’existe pas ici. Vérifiez l’adresse.',
};

/** Every word on the pages of the authority. */
export const texts: Readonly<Record<Language, Texts>> = { en: english, fr: french };
