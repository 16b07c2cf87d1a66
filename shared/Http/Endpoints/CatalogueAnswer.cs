using System.Buffers;
using Proofgate.Enforcement;

namespace Proofgate.Http.Endpoints;

/// <summary>Writes an answer that says what there is for the caller, and records it.</summary>
internal static class CatalogueAnswer
{
    internal static async Task WriteAsync<TCall>(Exchange exchange, AdmittedCall<TCall> call, ArrayBufferWriter<byte> body)
        where TCall : Call
    {
        call.DigestAnswer(body.WrittenSpan);
        exchange.Promise(call.Receipt);
        LineageDesk.TellSession(exchange, call);
        try
        {
            await JsonAnswer.WriteAsync(exchange.Http, 200, body.WrittenMemory);
        }
        catch (OperationCanceledException) when (exchange.ClientGone.IsCancellationRequested)
        {
            await call.CompleteAsync(Exchange.ClientAborted);
            return;
        }

        await call.CompleteAsync(new CallOutcome { Result = "completed", Status = 200, Events = 1, BytesOut = body.WrittenCount });
    }
}
