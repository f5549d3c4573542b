module parity

go 1.25

require (
	github.com/aws/aws-cdk-go/awscdk/v2 v2.263.0
	github.com/aws/constructs-go/constructs/v10 v10.6.0
	github.com/aws/jsii-runtime-go v1.140.0
	github.com/cdk-hpc-clusters/cdk-hpc-clusters-go/cdkhpcclusters v0.0.0
)

// Where `npm run package:all` put the package. Not needed once the library is on the Go proxy.
replace github.com/cdk-hpc-clusters/cdk-hpc-clusters-go/cdkhpcclusters => ../../../dist/go/cdkhpcclusters
