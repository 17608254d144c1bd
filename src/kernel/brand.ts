/**
 * A value of type T that passed one particular check.
 *
 * The mark exists in the type system only: it costs nothing at run time, and it keeps a tenant id
 * from being passed where a subscription id is meant, although both are text. Only the function that
 * makes the check may add the mark.
 */
export type Brand<T, B extends string> = T & { readonly __brand: B };
