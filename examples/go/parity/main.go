// The same stack as in examples/typescript/parity: a bit of everything.
package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	ec2 "github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	pcsref "github.com/aws/aws-cdk-go/awscdk/v2/interfaces/interfacesawspcs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdk-hpc-clusters/cdk-hpc-clusters-go/cdkhpcclusters"
	"github.com/cdk-hpc-clusters/cdk-hpc-clusters-go/cdkhpcclusters/hyperpod"
	"github.com/cdk-hpc-clusters/cdk-hpc-clusters-go/cdkhpcclusters/pcs"
	"github.com/cdk-hpc-clusters/cdk-hpc-clusters-go/cdkhpcclusters/trainingplans"
)

func newParityStack(scope constructs.Construct, id string, props *awscdk.StackProps) awscdk.Stack {
	stack := awscdk.NewStack(scope, jsii.String(id), props)

	// Slurm: a login node, and P5 nodes from a capacity block.
	vpc := ec2.NewVpc(stack, jsii.String("Vpc"), &ec2.VpcProps{
		AvailabilityZones: jsii.Strings("us-east-1a", "us-east-1b"),
		NatGateways:       jsii.Number(1),
	})
	slurm := pcs.NewCluster(stack, jsii.String("Slurm"), &pcs.ClusterProps{
		Vpc:              vpc,
		Size:             pcs.ClusterSize_MEDIUM(),
		SchedulerVersion: pcs.SlurmVersion_V25_11(),
		Accounting:       pcs.Accounting_Standard(&pcs.AccountingOptions{Retention: awscdk.Duration_Days(jsii.Number(365))}),
	})
	slurm.AddComputeNodeGroup(jsii.String("Login"), &pcs.ComputeNodeGroupOptions{
		InstanceTypes: &[]ec2.InstanceType{ec2.NewInstanceType(jsii.String("c7i.xlarge"))},
		Image:         pcs.NodeImage_PcsReadyDlami(nil),
		Scaling:       pcs.Scaling_Fixed(jsii.Number(1)),
		VpcSubnets:    &ec2.SubnetSelection{SubnetType: ec2.SubnetType_PUBLIC},
	})
	h100 := slurm.AddComputeNodeGroup(jsii.String("H100"), &pcs.ComputeNodeGroupOptions{
		InstanceTypes: &[]ec2.InstanceType{ec2.NewInstanceType(jsii.String("p5.48xlarge"))},
		PurchaseOption: pcs.PurchaseOption_CapacityBlock(&pcs.CapacityBlockPurchaseOptions{
			CapacityReservationId: jsii.String("cr-0123456789abcdef0"),
			InstanceCount:         jsii.Number(4),
			AvailabilityZone:      jsii.String("us-east-1a"),
		}),
		Image:   pcs.NodeImage_PcsReadyDlami(nil),
		Scaling: pcs.Scaling_Fixed(jsii.Number(4)),
	})
	slurm.AddQueue(jsii.String("Gpu"), &pcs.QueueOptions{
		QueueName:         jsii.String("gpu"),
		ComputeNodeGroups: &[]pcsref.IComputeNodeGroupRef{h100},
		IsDefault:         jsii.Bool(true),
	})

	// HyperPod: two teams share P5 instances, one of them in partitions of a GPU.
	pod := hyperpod.Cluster_FromClusterArn(stack, jsii.String("Pod"),
		jsii.String("arn:aws:sagemaker:us-east-1:111122223333:cluster/abcdefghijkl"))
	hyperpod.NewComputeQuota(stack, jsii.String("Pretraining"), &hyperpod.ComputeQuotaProps{
		Cluster:         pod,
		Team:            hyperpod.Team_Of(jsii.String("pretraining")),
		FairShareWeight: jsii.Number(60),
		Resources: &[]hyperpod.QuotaResource{
			hyperpod.QuotaResource_Instances(&hyperpod.InstanceAmount{
				InstanceType: hyperpod.InstanceType_P5_48XLARGE(),
				Count:        jsii.Number(2),
			}),
		},
		Sharing: hyperpod.ResourceSharing_Lend(),
	})
	hyperpod.NewComputeQuota(stack, jsii.String("Research"), &hyperpod.ComputeQuotaProps{
		Cluster:         pod,
		Team:            hyperpod.Team_Of(jsii.String("research")),
		FairShareWeight: jsii.Number(40),
		Resources: &[]hyperpod.QuotaResource{
			hyperpod.QuotaResource_Partitions(&hyperpod.PartitionAmount{
				InstanceType: hyperpod.InstanceType_P5_48XLARGE(),
				Profile:      hyperpod.PartitionProfile_MIG_3G_40GB(),
				Count:        jsii.Number(32),
			}),
		},
		Sharing: hyperpod.ResourceSharing_LendAndBorrow(&hyperpod.BorrowOptions{MaxBorrowPercent: jsii.Number(100)}),
	})

	// A training plan, read at deployment.
	plan := trainingplans.NewTrainingPlanLookup(stack, jsii.String("Plan"), &trainingplans.TrainingPlanLookupProps{
		TrainingPlan: trainingplans.TrainingPlanSelector_ByName(jsii.String("llm-2026-q1")),
	})
	awscdk.NewCfnOutput(stack, jsii.String("PlanStatus"), &awscdk.CfnOutputProps{Value: plan.Status()})
	awscdk.NewCfnOutput(stack, jsii.String("PlanInstances"), &awscdk.CfnOutputProps{
		Value: awscdk.Token_AsString(plan.TotalInstanceCount(), nil),
	})

	// What a purchase would buy, reported at deployment. Nothing is bought.
	dryRun := trainingplans.NewPurchasedTrainingPlan(stack, jsii.String("Reserve"), &trainingplans.PurchasedTrainingPlanProps{
		TrainingPlanName: jsii.String("llm-2026-q2"),
		Offering: trainingplans.Offering_Search(&trainingplans.InstanceOfferingCriteria{
			InstanceType:  trainingplans.PlanInstanceType_P5_48XLARGE(),
			InstanceCount: jsii.Number(4),
			Durations:     &[]awscdk.Duration{awscdk.Duration_Days(jsii.Number(14))},
			StartAfter:    jsii.String("2026-12-01T00:00:00Z"),
			EndBefore:     jsii.String("2027-01-15T00:00:00Z"),
			Target:        trainingplans.TargetResource_HYPERPOD_CLUSTER(),
			Selection:     cdkhpcclusters.OfferingSelection_LOWEST_FEE,
		}),
		MaxUpfrontFee: cdkhpcclusters.UpfrontFee_Usd(jsii.String("120000.00")),
		Mode:          cdkhpcclusters.PurchaseMode_DRY_RUN,
	})
	awscdk.NewCfnOutput(stack, jsii.String("WouldBuy"), &awscdk.CfnOutputProps{Value: dryRun.Notice()})
	return stack
}

func main() {
	defer jsii.Close()
	app := awscdk.NewApp(&awscdk.AppProps{AnalyticsReporting: jsii.Bool(false)}) // what it reports names the language
	newParityStack(app, "Parity", &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String("111122223333"), Region: jsii.String("us-east-1")},
	})
	app.Synth(nil)
}
