using System.Diagnostics.CodeAnalysis;

[assembly: SuppressMessage("Naming", "CA1711", Scope = "type", Target = "~T:Proofgate.Audit.IAuditStream", Justification = "An audit stream is a stream of events, the word of the trade; it is not a System.IO.Stream.")]
[assembly: SuppressMessage("Naming", "CA1711", Scope = "type", Target = "~T:Proofgate.Audit.Streaming.EmbeddedStream", Justification = "As above.")]
