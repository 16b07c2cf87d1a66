global using Proofgate.Protection;
