import { Supergraph as ComposedSupergraph } from '@apollo/federation-internals';
import type { GraphQLSchema } from 'graphql';
import type { Execute, Gateway } from '../execution/execution-stages.ts';
import type { Supergraph } from '../supergraph/index.ts';
import type { GatewayMetrics } from '../telemetry/gateway-metrics.ts';
import { createFallbackPlanner } from './fallback-planner.ts';
import { hivePlannerProgram } from './hive-planner.ts';
import { createPlanStore, type PlanStore } from './plan-store.ts';
import { PlannerThread } from './planner-thread.ts';
import { createHivePreparation } from './prepare-for-hive.ts';

/** Makes the executor of a supergraph that was loaded. */
export type CreateExecutor = (loaded: {
  readonly composed: ComposedSupergraph;
  /** The schema that clients see. */
  readonly schema: GraphQLSchema;
  readonly plans: Pick<PlanStore, 'find'>;
}) => Execute;

export interface PlannedGatewayOptions {
  readonly supergraph: Supergraph;
  readonly createExecutor: CreateExecutor;
  /** Default: true. False for an executor that takes plans as they are, without resolving the argument variants of the supergraph. */
  readonly usesVariants?: boolean;
  /** Milliseconds that planning one operation may take. */
  readonly planTimeoutMs: number;
  /** Default: `apollo`. With `hive`, Apollo's planner gets the operations that Hive's refuses. */
  readonly planner?: 'apollo' | 'hive';
  /** Called for each operation that Hive's planner refuses and Apollo's plans. */
  readonly onFallback?: (refusal: string) => void;
  /** Bytes of memory for the kept plans, by estimate. Default: 32 MiB. */
  readonly maxPlanBytes?: number;
  /** Default: nothing is measured. */
  readonly metrics?: GatewayMetrics;
}

/** A gateway with its plans. */
export type PlannedGateway = Gateway & { readonly plans: Pick<PlanStore, 'state' | 'listOperations' | 'prepare'> };

/** For Hive's planner to end by itself. */
const graceMs = 1_000;

/** A gateway for Apollo Server, in place of `ApolloGateway`. It plans the normalised form of operations, in a thread of its own. */
export function createPlannedGateway(options: PlannedGatewayOptions): PlannedGateway {
  const {
    supergraph,
    createExecutor,
    usesVariants = true,
    planTimeoutMs,
    maxPlanBytes = 32 * 1024 * 1024,
    metrics,
  } = options;
  const listeners = new Set<Parameters<Gateway['onSchemaLoadOrUpdate']>[0]>();
  const sdl = supergraph.plannerSdl;
  const startApollo = () =>
    new PlannerThread({ supergraphSdl: usesVariants ? supergraph.variantSdl : sdl, timeoutMs: planTimeoutMs });
  const thread =
    options.planner === 'hive'
      ? createFallbackPlanner({
          first: new PlannerThread({
            supergraphSdl: supergraph.sdl,
            timeoutMs: planTimeoutMs,
            graceMs,
            program: hivePlannerProgram,
          }),
          prepare: createHivePreparation(supergraph),
          startSecond: startApollo,
          onFallback: options.onFallback,
        })
      : startApollo();
  const plans = createPlanStore({
    thread,
    timeoutMs: planTimeoutMs,
    maxBytes: maxPlanBytes,
    ...(metrics === undefined ? {} : { metrics }),
  });

  return {
    plans,
    onSchemaLoadOrUpdate(callback) {
      listeners.add(callback);
      return () => listeners.delete(callback);
    },
    async load() {
      const composed = ComposedSupergraph.build(sdl);
      const schema = composed.apiSchema().toGraphQLJSSchema();
      for (const listener of listeners) listener({ apiSchema: schema, coreSupergraphSdl: sdl });
      const executor = createExecutor({ composed, schema, plans });
      await thread.ready();
      return { executor };
    },
    stop: () => plans.close(),
  };
}
