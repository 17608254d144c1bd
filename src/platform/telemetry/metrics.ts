import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/**
 * Names that would put a tenant's data, or as many series as there are tenants, into a page that is
 * read without a token.
 */
const FORBIDDEN_LABEL = /subscription|client|tenant|resource|principal|user/i;
const NAME = /^stackmeter_[a-z0-9_]+$/;

/** What one kind of metric is described by. */
export interface MetricDescription<Label extends string> {
  /**
   * `stackmeter_<room>_<what>_<unit>`, by the naming rules of Prometheus: base units, counters end
   * in _total.
   */
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly Label[];
}

/** The metrics of one server. Asking twice for the same name gives the same metric. */
export interface Metrics {
  counter<Label extends string = never>(description: MetricDescription<Label>): Counter<Label>;
  /** @param collect called before each reading, to set the value that holds then */
  gauge<Label extends string = never>(
    description: MetricDescription<Label>,
    collect?: (gauge: Gauge<Label>) => void | Promise<void>,
  ): Gauge<Label>;
  /** @param buckets upper bounds, ascending, in the unit of the name */
  histogram<Label extends string = never>(
    description: MetricDescription<Label>,
    buckets: readonly number[],
  ): Histogram<Label>;
  /** All metrics in the text form of Prometheus, and the media type of that form. */
  text(): Promise<{ readonly contentType: string; readonly body: string }>;
}

/**
 * A registry of metrics.
 *
 * @param options.process whether to add the metrics of the process itself: memory, CPU, event loop,
 * open files; one registry of a process does
 * @throws RangeError (on creating a metric) for a name that breaks the naming rules, or a label
 * that would name a tenant
 */
export function createMetrics(options: { readonly process?: boolean } = {}): Metrics {
  const registry = new Registry();
  if (options.process) collectDefaultMetrics({ register: registry });
  return {
    counter: (description) =>
      existing(registry, description.name, Counter) ??
      new Counter(configure(registry, description)),
    gauge: (description, collect) =>
      existing(registry, description.name, Gauge) ??
      new Gauge({
        ...configure(registry, description),
        ...(collect && {
          collect() {
            return collect(this);
          },
        }),
      }),
    histogram: (description, buckets) =>
      existing(registry, description.name, Histogram) ??
      new Histogram({ ...configure(registry, description), buckets: [...buckets] }),
    text: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}

function configure<Label extends string>(
  registry: Registry,
  { name, help, labels = [] }: MetricDescription<Label>,
): { name: string; help: string; labelNames: Label[]; registers: Registry[] } {
  if (!NAME.test(name)) throw new RangeError(`Name the metric '${name}' stackmeter_<what>_<unit>.`);
  const forbidden = labels.find((label) => FORBIDDEN_LABEL.test(label));
  if (forbidden !== undefined) {
    throw new RangeError(
      `Leave the label '${forbidden}' off '${name}': metrics are read without a token.`,
    );
  }
  return { name, help, labelNames: [...labels], registers: [registry] };
}

function existing<Kind>(
  registry: Registry,
  name: string,
  kind: abstract new (...parameters: never[]) => Kind,
): Kind | undefined {
  const metric: unknown = registry.getSingleMetric(name);
  if (metric === undefined || metric instanceof kind) return metric;
  throw new RangeError(`The metric '${name}' exists already as another kind.`);
}
