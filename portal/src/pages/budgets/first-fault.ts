/** Takes whoever was refused to the first field that has to be mended, once it is marked as such. */
export function goToFirstFault(form: HTMLElement): void {
  setTimeout(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(), 0);
}
