// What the doors use of the Functions and Event Hubs packages, so that they can be compiled where a registry does not have those packages.
// Nothing here runs. A door may use no member that is absent from this file. Each block names the public source that it was read from:
//   worker   github.com/Azure/azure-functions-dotnet-worker, commit fb1133321, whose projects state Worker and Worker.Core 2.52.0,
//            Extensions.Abstractions 1.3.0, Extensions.Http 3.3.0, Extensions.Http.AspNetCore 2.1.1; Extensions.EventHubs as in 6.5.1
//   hubs     github.com/Azure/azure-sdk-for-net, commit 7a12994ac, sdk/eventhub/Azure.Messaging.EventHubs/api/Azure.Messaging.EventHubs.net8.0.cs (5.12)
#nullable enable
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Azure.Core;
using Azure.Messaging.EventHubs.Consumer;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Azure.Functions.Worker
{
    // worker: extensions/Worker.Extensions.Abstractions/src/FunctionAttribute.cs
    [AttributeUsage(AttributeTargets.Method)]
    public sealed class FunctionAttribute(string name) : Attribute
    {
        public string Name => name;
    }

    // worker: extensions/Worker.Extensions.Abstractions/src/ExponentialBackoffRetryAttribute.cs
    [AttributeUsage(AttributeTargets.Method)]
    public sealed class ExponentialBackoffRetryAttribute(int maxRetryCount, string minimumInterval, string maximumInterval) : Attribute
    {
        public int MaxRetryCount => maxRetryCount;

        public string MinimumInterval => minimumInterval;

        public string MaximumInterval => maximumInterval;
    }

    // worker: extensions/Worker.Extensions.Http/src/AuthorizationLevel.cs
    public enum AuthorizationLevel
    {
        Anonymous,
        User,
        Function,
        System,
        Admin,
    }

    // worker: extensions/Worker.Extensions.Http/src/HttpTriggerAttribute.cs
    [AttributeUsage(AttributeTargets.Parameter)]
    public sealed class HttpTriggerAttribute : Attribute
    {
        public HttpTriggerAttribute(AuthorizationLevel authLevel) => AuthLevel = authLevel;

        public HttpTriggerAttribute(AuthorizationLevel authLevel, params string[] methods) => (AuthLevel, Methods) = (authLevel, methods);

        public AuthorizationLevel AuthLevel { get; }

        public string[]? Methods { get; }

        public string? Route { get; set; }
    }

    // worker: extensions/Worker.Extensions.Timer/src/TimerTriggerAttribute.cs
    [AttributeUsage(AttributeTargets.Parameter)]
    public sealed class TimerTriggerAttribute(string schedule) : Attribute
    {
        public string Schedule { get; } = schedule;
    }

    // worker: extensions/Worker.Extensions.Timer/src/TimerInfo.cs
    public class TimerInfo
    {
        public bool IsPastDue { get; set; }
    }

    // worker: extensions/Worker.Extensions.EventHubs/src/EventHubTriggerAttribute.cs
    [AttributeUsage(AttributeTargets.Parameter)]
    public sealed class EventHubTriggerAttribute(string eventHubName) : Attribute
    {
        public string EventHubName => eventHubName;

        public string? ConsumerGroup { get; set; }

        public string? Connection { get; set; }
    }

    // worker: src/DotNetWorker.Core/Context/FunctionContext.cs
    public abstract class FunctionContext
    {
        public abstract BindingContext BindingContext { get; }

        public virtual CancellationToken CancellationToken { get; }
    }

    // worker: src/DotNetWorker.Core/Context/BindingContext.cs
    public abstract class BindingContext
    {
        public abstract IReadOnlyDictionary<string, object?> BindingData { get; }
    }
}

namespace Microsoft.Azure.Functions.Worker.Builder
{
    // worker: src/DotNetWorker/Builder/FunctionsApplication.cs
    public class FunctionsApplication
    {
        public static FunctionsApplicationBuilder CreateBuilder(string[] args) => throw new NotSupportedException(args.Length.ToString());
    }

    // worker: src/DotNetWorker/Builder/FunctionsApplicationBuilder.cs
    public class FunctionsApplicationBuilder
    {
        internal FunctionsApplicationBuilder()
        {
        }

        public ConfigurationManager Configuration => throw new NotSupportedException();

        public IServiceCollection Services => throw new NotSupportedException();

        public IHost Build() => throw new NotSupportedException();
    }

    // worker: extensions/Worker.Extensions.Http.AspNetCore/src/FunctionsApplicationBuilderAspNetCoreExtensions.cs
    public static class FunctionsApplicationBuilderAspNetCoreExtensions
    {
        public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(this FunctionsApplicationBuilder builder) => builder;
    }
}

// hubs: all that follows
namespace Azure.Messaging.EventHubs
{
    public class EventData
    {
        public EventData(ReadOnlyMemory<byte> eventBody) => EventBody = new BinaryData(eventBody);

        public EventData(BinaryData eventBody) => EventBody = eventBody;

        public BinaryData EventBody { get; set; }

        public long SequenceNumber => throw new NotSupportedException();

        public DateTimeOffset EnqueuedTime => throw new NotSupportedException();
    }

    public class EventHubConnection : IAsyncDisposable
    {
        public EventHubConnection(string connectionString, string eventHubName)
        {
        }

        public EventHubConnection(string fullyQualifiedNamespace, string eventHubName, TokenCredential credential)
        {
        }

        public virtual ValueTask DisposeAsync() => throw new NotSupportedException();
    }

    public class EventHubProperties
    {
        protected internal EventHubProperties(string name, DateTimeOffset createdOn, string[] partitionIds, bool isGeoReplicationEnabled)
        {
        }

        public string Name => throw new NotSupportedException();

        public DateTimeOffset CreatedOn => throw new NotSupportedException();
    }

    public class EventHubsRetryOptions
    {
        public int MaximumRetries { get; set; }
    }

    public class EventHubsException : Exception
    {
        public EventHubsException(bool isTransient, string eventHubName, string message, EventHubsException.FailureReason reason)
        {
        }

        public FailureReason Reason => throw new NotSupportedException();

        public enum FailureReason
        {
            GeneralError,
            ClientClosed,
            ConsumerDisconnected,
            ResourceNotFound,
            MessageSizeExceeded,
            QuotaExceeded,
            ServiceBusy,
            ServiceTimeout,
            ServiceCommunicationProblem,
            ProducerDisconnected,
            InvalidClientState,
        }
    }

    public static class EventHubsModelFactory
    {
        public static EventData EventData(
            BinaryData eventBody, IDictionary<string, object>? properties = null, IReadOnlyDictionary<string, object>? systemProperties = null,
            string? partitionKey = null, long sequenceNumber = long.MinValue, string? offsetString = null, DateTimeOffset enqueuedTime = default) =>
            throw new NotSupportedException();
    }
}

namespace Azure.Messaging.EventHubs.Producer
{
    public class EventHubProducerClientOptions
    {
        public EventHubsRetryOptions RetryOptions { get; set; } = new();
    }

    public class SendEventOptions
    {
        public string? PartitionKey { get; set; }
    }

    public class EventHubProducerClient : IAsyncDisposable
    {
        protected EventHubProducerClient()
        {
        }

        public EventHubProducerClient(EventHubConnection connection, EventHubProducerClientOptions? clientOptions = null)
        {
        }

        public virtual Task SendAsync(IEnumerable<EventData> eventBatch, SendEventOptions options, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public virtual ValueTask DisposeAsync() => throw new NotSupportedException();
    }
}

namespace Azure.Messaging.EventHubs.Consumer
{
    public struct EventPosition
    {
        public static EventPosition FromSequenceNumber(long sequenceNumber, bool isInclusive = true) => throw new NotSupportedException();
    }

    public struct PartitionEvent
    {
        public EventData Data => throw new NotSupportedException();
    }

    public class EventHubConsumerClientOptions
    {
    }

    public class EventHubConsumerClient : IAsyncDisposable
    {
        public EventHubConsumerClient(string consumerGroup, EventHubConnection connection, EventHubConsumerClientOptions? clientOptions = null)
        {
        }

        public string FullyQualifiedNamespace => throw new NotSupportedException();

        public virtual Task<EventHubProperties> GetEventHubPropertiesAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public virtual IAsyncEnumerable<PartitionEvent> ReadEventsFromPartitionAsync(
            string partitionId, EventPosition startingPosition, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public virtual ValueTask DisposeAsync() => throw new NotSupportedException();
    }
}
