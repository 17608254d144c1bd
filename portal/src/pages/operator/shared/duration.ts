import { useSay } from '../../../i18n/language.tsx';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** Tells how long something takes in its largest two units. */
export function useDuration(): (seconds: number) => string {
  const say = useSay();
  return (seconds) => {
    const whole = Math.floor(seconds);
    if (whole < MINUTE) return say('op.duration.seconds', { seconds: whole });
    if (whole < HOUR) return say('op.duration.minutes', { minutes: Math.floor(whole / MINUTE) });
    if (whole < DAY) {
      const minutes = Math.floor((whole % HOUR) / MINUTE);
      return say('op.duration.hours', { hours: Math.floor(whole / HOUR), minutes });
    }
    const hours = Math.floor((whole % DAY) / HOUR);
    return say('op.duration.days', { days: Math.floor(whole / DAY), hours });
  };
}
