using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Proofgate.Audit;
using Proofgate.Audit.Sealing;
using Proofgate.Enforcement;
using Proofgate.Enforcement.Feed;
using Proofgate.Enforcement.Limits;
using Proofgate.Enforcement.Provenance;
using Proofgate.Enforcement.Recording;
using Proofgate.Policy;

namespace Proofgate.Tests.Support;

/// <summary>The real pipeline on an audit stream and a revocation signal that the test holds.</summary>
internal sealed class House : IDisposable
{
    internal House(AdmissionOptions? limits = null, IBudgetStore? budgets = null, ISessionStore? sessions = null, LineageOptions? lineage = null, IGroundingSource? grounding = null)
    {
        var (digester, options) = (new ContentDigester(Keys), Options.Create(lineage ?? new LineageOptions()));
        Broadcast = new DecisionBroadcast(new PersonalSealer(new NoSubjectKeys(), Keys, Options.Create(new AuditOptions()), Time));
        Admission = new Admission(Options.Create(limits ?? new AdmissionOptions()), Time, budgets);
        var recorder = new CallRecorder(
            Stream, Stream, digester, Broadcast, Time, NullLogger<CallRecorder>.Instance);
        Pipeline = new Pipeline(
            Admission, new Sessions(options, digester, Time, sessions), new Authorizer(Time), recorder, Revocation, new OutcomeRecorder(Stream, Time, NullLogger<OutcomeRecorder>.Instance), Time,
            NullLogger<Pipeline>.Instance, grounding);
    }

    private static AuditKeys Keys { get; } = AuditKeys.FromMaster(new byte[32]);

    internal DecisionBroadcast Broadcast { get; }

    internal FakeTimeProvider Time { get; } = new(Callers.Now);

    internal RecordingStream Stream { get; } = new();

    internal ManualRevocation Revocation { get; } = new();

    internal Admission Admission { get; }

    internal Pipeline Pipeline { get; }

    internal async Task<AdmittedCall<TCall>> AdmitAsync<TCall>(TCall call)
        where TCall : Call => Assert.IsType<Ruling<TCall>.Admitted>(await Pipeline.AdmitAsync(call, CancellationToken.None)).Call;

    internal async Task<Refusal> RefuseAsync<TCall>(TCall call)
        where TCall : Call => Assert.IsType<Ruling<TCall>.Refused>(await Pipeline.AdmitAsync(call, CancellationToken.None)).Refusal;

    public void Dispose()
    {
        Admission.Dispose();
        Revocation.Dispose();
    }

    /// <summary>Pseudonyms need none.</summary>
    private sealed class NoSubjectKeys : ISubjectKeyStore
    {
        public Task<SubjectKeyRecord?> FindAsync(string lookup, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> TryInsertAsync(SubjectKeyRecord key, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> DeleteAsync(string lookup, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
